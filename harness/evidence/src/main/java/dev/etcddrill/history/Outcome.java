package dev.etcddrill.history;

import static java.util.Objects.requireNonNull;

/** What a client knows of its request afterwards. */
public sealed interface Outcome {
    /** etcd answered. */
    record Ok(Response response) implements Outcome {
        public Ok {
            requireNonNull(response, "response");
        }
    }

    /** The request certainly did not take effect. */
    record Failed(String error) implements Outcome {
        public Failed {
            requireNonNull(error, "error");
        }
    }

    /** The request may have taken effect, at any time from its invocation on, or never (deadline, lost connection). */
    record Unknown(String error) implements Outcome {
        public Unknown {
            requireNonNull(error, "error");
        }
    }
}
