package dev.etcddrill.fault;

import static java.util.Objects.requireNonNull;

import dev.etcddrill.plan.Link;

/**
 * The small closed language that faults are undone in (design decision 9). Each step may be done twice, and does nothing
 * where there is nothing to undo.
 */
public sealed interface UndoStep {
    /** Name in the ledger. */
    String step();

    /** What it is done to, in the ledger. */
    String target();

    /** A member's process is started, where it does not run. */
    record StartMember(String member) implements UndoStep {
        public StartMember {
            requireNonNull(member, "member");
        }

        @Override
        public String step() {
            return "restart";
        }

        @Override
        public String target() {
            return member;
        }
    }

    /** A member whose data was destroyed or replaced is taken out of the cluster, as the runbook says. */
    record RemoveMember(String member) implements UndoStep {
        public RemoveMember {
            requireNonNull(member, "member");
        }

        @Override
        public String step() {
            return "remove-member";
        }

        @Override
        public String target() {
            return member;
        }
    }

    /** A member that was taken out is put into the cluster again, without data and under a new id, and started. */
    record AddMember(String member) implements UndoStep {
        public AddMember {
            requireNonNull(member, "member");
        }

        @Override
        public String step() {
            return "add-member";
        }

        @Override
        public String target() {
            return member;
        }
    }

    /** A member's halted process goes on. */
    record ResumeMember(String member) implements UndoStep {
        public ResumeMember {
            requireNonNull(member, "member");
        }

        @Override
        public String step() {
            return "resume";
        }

        @Override
        public String target() {
            return member;
        }
    }

    /** The rule that makes packets vanish in a direction is removed. */
    record MendLink(Link link) implements UndoStep {
        public MendLink {
            requireNonNull(link, "link");
        }

        @Override
        public String step() {
            return "mend";
        }

        @Override
        public String target() {
            return link.toString();
        }
    }

    /**
     * A toxic is taken out of the proxies of a direction.
     *
     * @param name of the toxic
     */
    record RemoveToxic(Link link, String name) implements UndoStep {
        public RemoveToxic {
            requireNonNull(link, "link");
            requireNonNull(name, "name");
        }

        @Override
        public String step() {
            return "remove-toxic";
        }

        @Override
        public String target() {
            return link + " " + name;
        }
    }

    /**
     * A file of a member's host gets its content back from a copy beside it, and the copy is removed.
     *
     * @param path of the file, absolute
     * @param copy path of the copy on the same host
     */
    record RestoreFile(String member, String path, String copy) implements UndoStep {
        public RestoreFile {
            requireNonNull(member, "member");
            requireNonNull(path, "path");
            requireNonNull(copy, "copy");
        }

        @Override
        public String step() {
            return "restore-file";
        }

        @Override
        public String target() {
            return member + " " + path;
        }
    }
}
