package dev.etcddrill.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A plan with the number of voters that can form a majority after each step: at worst, over everybody who may lead and
 * over all members that may be drawn.
 */
public final class PlanForecast {
    private final FaultPlan plan;
    private final PlanRules rules;
    private final List<Integer> voters;

    private PlanForecast(FaultPlan plan, PlanRules rules, List<Integer> voters) {
        this.plan = plan;
        this.rules = rules;
        this.voters = List.copyOf(voters);
    }

    /** Looks ahead. */
    public static PlanForecast of(FaultPlan plan, PlanRules rules) {
        List<Integer> voters = new ArrayList<>();
        for (List<String> inForce : plan.inForceAfterEachStep()) {
            List<PlannedFault> faults = inForce.stream().map(plan::fault).toList();
            voters.add(worst(faults, rules));
        }
        return new PlanForecast(plan, rules, voters);
    }

    private static int worst(List<PlannedFault> faults, PlanRules rules) {
        return rules.together(faults).stream()
                .mapToInt(effects -> rules.guard().votersAbleToFormMajority(effects))
                .min()
                .orElse(rules.members().size());
    }

    /** The plan. */
    public FaultPlan plan() {
        return plan;
    }

    /** After each step. */
    public List<Integer> votersAbleToFormMajority() {
        return voters;
    }

    /** The steps, counted from 1, after which no majority can be formed. */
    public List<Integer> stepsBeyondQuorum() {
        List<Integer> steps = new ArrayList<>();
        for (int index = 0; index < voters.size(); index++) {
            if (voters.get(index) < rules.guard().quorum()) {
                steps.add(index + 1);
            }
        }
        return steps;
    }

    /** Whether the plan takes more than it says it may. */
    public boolean refused() {
        return !plan.beyondQuorum() && !stepsBeyondQuorum().isEmpty();
    }

    /** The plan as a table, a row a step, and what follows from it. */
    public List<String> lines() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("step", "when", "does", "fault", "target", "voters that can form a majority"));
        int quorum = rules.guard().quorum();
        for (int index = 0; index < plan.steps().size(); index++) {
            PlanStep step = plan.steps().get(index);
            PlannedFault fault = plan.fault(step.fault());
            rows.add(List.of(
                    Integer.toString(index + 1),
                    step.trigger().toString(),
                    step.action().word() + " " + fault.id(),
                    (fault.type() + " " + fault.parameterText()).strip(),
                    fault.target().toString(),
                    voters.get(index) + " of " + rules.members().size() + ", needs " + quorum
                            + (voters.get(index) < quorum ? "   NO MAJORITY" : "")));
        }
        rows.add(List.of(Integer.toString(plan.steps().size() + 1), "at the end", "lift what is left", "", "", ""));
        List<String> lines = new ArrayList<>();
        lines.add("plan " + plan.name() + ", " + rules.members().size() + " members, election timeout "
                + DurationText.format(rules.electionTimeout()) + ", runtime " + rules.runtime());
        lines.addAll(aligned(rows));
        List<Integer> beyond = stepsBeyondQuorum();
        if (beyond.isEmpty()) {
            lines.add("At every moment a majority can be formed.");
        } else if (plan.beyondQuorum()) {
            lines.add("After step " + words(beyond) + " no majority can be formed; the plan allows it"
                    + " (spec.beyondQuorum: true).");
        } else {
            lines.add("Refused: after step " + words(beyond)
                    + " no majority can be formed. A member counts only if a leader reaches it, there and back, in less"
                    + " than the election timeout. Take less, or say spec.beyondQuorum: true where that is what you"
                    + " want to see.");
        }
        return lines;
    }

    private static String words(List<Integer> steps) {
        return String.join(", ", steps.stream().map(String::valueOf).toList());
    }

    private static List<String> aligned(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.append(row.get(column))
                        .append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
