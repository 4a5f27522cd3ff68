package dev.etcddrill.report.picture;

import java.util.ArrayList;
import java.util.List;

/** Lays out stretches in rows so that none covers another. */
final class Lanes {
    private final List<Double> rightEdges = new ArrayList<>();
    private final int most;

    /** @param most how many rows there may be; what fits in none of them goes into the last */
    Lanes(int most) {
        this.most = most;
    }

    /**
     * The row, from 0, for the next stretch; stretches come in order of their left edge.
     *
     * @param right including the label
     * @return a negative number where no row is free: the stretch goes into the last row, without its label
     */
    int place(double left, double right) {
        for (int row = 0; row < rightEdges.size(); row++) {
            if (rightEdges.get(row) <= left) {
                rightEdges.set(row, right);
                return row;
            }
        }
        if (rightEdges.size() < most) {
            rightEdges.add(right);
            return rightEdges.size() - 1;
        }
        return -1;
    }

    int rows() {
        return rightEdges.size();
    }
}
