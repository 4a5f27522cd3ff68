package dev.etcddrill.report.section;

import dev.etcddrill.history.FaultEvent.Phase;
import dev.etcddrill.report.markup.Html;
import dev.etcddrill.report.markup.Table;
import dev.etcddrill.report.timeline.FaultLife;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Faults with the time of each phase. */
final class FaultTable {
    private FaultTable() {}

    static void write(Html html, String caption, List<FaultLife> faults, AttemptClockFace clock) {
        List<String> columns = new ArrayList<>(List.of("fault"));
        Arrays.stream(Phase.values())
                .map(phase -> phase.name().toLowerCase(Locale.ROOT))
                .forEach(columns::add);
        columns.add("what was seen");
        Table table = Table.start(html, caption, columns);
        for (FaultLife fault : faults) {
            List<Table.Cell> cells = new ArrayList<>();
            for (Phase phase : Phase.values()) {
                cells.add(cell -> clock.write(cell, fault.at(phase)));
            }
            cells.add(Table.Cell.text(String.join("; ", fault.details())));
            table.row(
                    header -> header.start("span")
                            .styled("unbroken")
                            .text(fault.label())
                            .end("span")
                            .start("br")
                            .end("br")
                            .start("span")
                            .styled("wall unbroken")
                            .text(fault.fault())
                            .end("span"),
                    cells);
        }
        table.end();
    }
}
