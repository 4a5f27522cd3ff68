package dev.etcddrill.report;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.etcddrill.report", importOptions = DoNotIncludeTests.class)
final class PackagesTest {
    @ArchTest
    static final ArchRule PACKAGES_SEE_ONLY_THOSE_AFTER_THEM = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("report")
            .definedBy("dev.etcddrill.report")
            .layer("section")
            .definedBy("dev.etcddrill.report.section")
            .layer("picture")
            .definedBy("dev.etcddrill.report.picture")
            .layer("timeline")
            .definedBy("dev.etcddrill.report.timeline")
            .layer("markup")
            .definedBy("dev.etcddrill.report.markup")
            .whereLayer("report")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("section")
            .mayOnlyBeAccessedByLayers("report")
            .whereLayer("picture")
            .mayOnlyBeAccessedByLayers("section")
            .whereLayer("timeline")
            .mayOnlyBeAccessedByLayers("picture", "section");

    @ArchTest
    static final ArchRule REPORTS_SEE_EVIDENCE_AND_NOTHING_OF_THE_RIG = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.etcddrill.report..",
                    "dev.etcddrill.run",
                    "dev.etcddrill.history",
                    "dev.etcddrill.plan",
                    "dev.etcddrill.check",
                    "picocli",
                    "java..");

    @ArchTest
    static final ArchRule ONLY_THE_TOP_PACKAGE_TOUCHES_FILES =
            com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.etcddrill.report")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.nio.file..", "java.net..");
}
