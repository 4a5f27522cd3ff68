package dev.etcddrill.report.section;

import dev.etcddrill.history.Operation;
import dev.etcddrill.history.Outcome;
import dev.etcddrill.history.Request;
import dev.etcddrill.history.Response;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A few operations as a table with one column a process and time downwards: a cell reaches from the row of its
 * invocation to the row of its return, so that what overlaps stands side by side.
 */
final class ProcessTable {
    /** More than these are not "the few operations": the first and the last half of this number are shown. */
    static final int MOST = 24;

    private static final int LONGEST_TEXT = 60;

    private ProcessTable() {}

    private record Point(Duration at, boolean invocation, Operation operation) {}

    /** A cell of one process: an operation over some rows. */
    private record Block(int row, int rows, Operation operation) {}

    static void write(Html html, String caption, List<Operation> all, AttemptClockFace clock) {
        List<Operation> operations =
                all.stream().sorted(Comparator.comparing(Operation::invoked)).toList();
        if (operations.size() > MOST) {
            List<Operation> ends = new ArrayList<>(operations.subList(0, MOST / 2));
            ends.addAll(operations.subList(operations.size() - MOST / 2, operations.size()));
            html.element(
                    "p",
                    "The check points at " + Wording.count(operations.size(), "operation") + "; shown are the first and"
                            + " the last " + MOST / 2 + ". All of them are in verdict.json of the attempt.");
            operations = ends;
        }
        List<Point> points = points(operations);
        List<Integer> processes =
                operations.stream().map(Operation::process).distinct().sorted().toList();
        Map<Integer, List<Block>> columns = new HashMap<>();
        for (int process : processes) {
            columns.put(process, blocks(process, points));
        }

        html.start("div")
                .styled("scroll")
                .attribute("tabindex", "0")
                .attribute("role", "region")
                .attribute("aria-label", caption);
        html.start("table").styled("processes").element("caption", caption);
        html.start("thead").start("tr");
        html.start("th").attribute("scope", "col").text("time").end("th");
        for (int process : processes) {
            html.start("th").attribute("scope", "col").text("client " + process).end("th");
        }
        html.end("tr").end("thead").start("tbody").newLine();
        for (int row = 0; row < points.size(); row++) {
            html.start("tr").start("th").attribute("scope", "row");
            clock.write(html, points.get(row).at());
            html.end("th");
            for (int process : processes) {
                cell(html, columns.get(process), row);
            }
            html.end("tr").newLine();
        }
        html.end("tbody").end("table").end("div").newLine();
    }

    private static List<Point> points(List<Operation> operations) {
        List<Point> points = new ArrayList<>();
        for (Operation operation : operations) {
            points.add(new Point(operation.invoked(), true, operation));
            operation.returned().ifPresent(returned -> points.add(new Point(returned, false, operation)));
        }
        points.sort(Comparator.comparing(Point::at)
                .thenComparing(point -> point.operation().id())
                .thenComparing(point -> point.invocation() ? 0 : 1));
        return points;
    }

    private static List<Block> blocks(int process, List<Point> points) {
        List<Block> blocks = new ArrayList<>();
        int free = 0;
        for (int row = 0; row < points.size(); row++) {
            Point point = points.get(row);
            if (!point.invocation() || point.operation().process() != process) {
                continue;
            }
            int last = points.size() - 1;
            for (int later = row; later < points.size(); later++) {
                Point candidate = points.get(later);
                if (candidate.operation().id() == point.operation().id() && !candidate.invocation()) {
                    last = later;
                    break;
                }
                boolean next = candidate.invocation() && candidate.operation().process() == process;
                if (later > row && next) {
                    // A process has one operation in flight; a record that says otherwise must not break the table.
                    last = later - 1;
                    break;
                }
            }
            int first = Math.max(row, free);
            blocks.add(new Block(first, last - first + 1, point.operation()));
            free = last + 1;
        }
        return blocks;
    }

    private static void cell(Html html, List<Block> blocks, int row) {
        for (Block block : blocks) {
            if (block.row() == row) {
                html.start("td").styled("operation " + style(block.operation().outcome()));
                if (block.rows() > 1) {
                    html.attribute("rowspan", String.valueOf(block.rows()));
                }
                operation(html, block.operation());
                html.end("td");
                return;
            } else if (row > block.row() && row < block.row() + block.rows()) {
                return;
            }
        }
        html.start("td").end("td");
    }

    private static void operation(Html html, Operation operation) {
        html.element("b", asked(operation.request()));
        html.start("br").end("br").text(answer(operation.outcome()));
        html.start("br").end("br").start("span").styled("wall");
        html.text(operation.member() + ", "
                + operation
                        .returned()
                        .map(returned -> Wording.took(returned.minus(operation.invoked())))
                        .orElse("never returned")
                + ", operation " + operation.id());
        html.end("span");
    }

    private static String style(Outcome outcome) {
        if (outcome instanceof Outcome.Failed) {
            return "failed-cell";
        }
        return outcome instanceof Outcome.Unknown ? "unknown-cell" : "ok-cell";
    }

    private static String asked(Request request) {
        if (request instanceof Request.Put put) {
            return "put " + shortened(put.key()) + " = " + shortened(put.value());
        } else if (request instanceof Request.OptimisticPut put) {
            return "put " + shortened(put.key()) + " = " + shortened(put.value()) + " if mod revision is "
                    + Wording.count(put.expectedModRevision());
        } else if (request instanceof Request.Delete delete) {
            return "delete " + shortened(delete.key());
        } else if (request instanceof Request.GetAt get) {
            return "get " + shortened(get.key()) + " at revision " + Wording.count(get.revision());
        } else if (request instanceof Request.Compact compact) {
            return "compaction at revision " + Wording.count(compact.revision());
        }
        Request.Get get = (Request.Get) request;
        return (get.consistency() == Request.Consistency.LINEARIZABLE ? "linearizable" : "serializable") + " get "
                + shortened(get.key());
    }

    private static String answer(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return "✗ failed, did not happen: " + shortened(failed.error());
        } else if (outcome instanceof Outcome.Unknown unknown) {
            return "△ unknown, may have happened: " + shortened(unknown.error());
        }
        Response response = ((Outcome.Ok) outcome).response();
        String revision = "revision " + Wording.count(response.header().revision());
        if (response instanceof Response.Put) {
            return "acknowledged at " + revision;
        } else if (response instanceof Response.Delete delete) {
            return delete.deleted() > 0 ? "acknowledged at " + revision : "nothing to delete at " + revision;
        } else if (response instanceof Response.OptimisticPut put) {
            return put.succeeded()
                    ? "acknowledged at " + revision
                    : "refused: " + found(put.current()) + " at " + revision;
        }
        if (response instanceof Response.GetAt get) {
            return "got " + found(get.keyValue()) + ", the store being at " + revision;
        } else if (response instanceof Response.Compact) {
            return "compacted at " + revision;
        }
        return "got " + found(((Response.Get) response).keyValue()) + " at " + revision;
    }

    private static String found(java.util.Optional<dev.etcddrill.history.KeyValue> keyValue) {
        return keyValue.map(
                        found -> shortened(found.value()) + " of mod revision " + Wording.count(found.modRevision()))
                .orElse("no such key");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }
}
