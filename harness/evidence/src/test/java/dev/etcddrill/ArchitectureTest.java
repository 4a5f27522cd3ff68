package dev.etcddrill;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Directions between the packages of this module (design, "Layout"). */
@AnalyzeClasses(packages = "dev.etcddrill", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_depend_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.etcddrill..")
            .layer("run")
            .definedBy("dev.etcddrill.run..")
            .layer("check")
            .definedBy("dev.etcddrill.check..")
            .layer("history")
            .definedBy("dev.etcddrill.history..")
            .layer("plan")
            .definedBy("dev.etcddrill.plan..")
            .whereLayer("run")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("check")
            .mayOnlyBeAccessedByLayers("run")
            .whereLayer("history")
            .mayOnlyBeAccessedByLayers("check", "run")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("check", "run");

    @ArchTest
    static final ArchRule evidence_needs_jackson_and_picocli_only = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.etcddrill..", "java..", "com.fasterxml.jackson..", "picocli..");

    @ArchTest
    static final ArchRule checks_are_pure = noClasses()
            .that()
            .resideInAPackage("dev.etcddrill.check..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.net..", "com.fasterxml..", "picocli..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("judging a stored run again gives the same verdict (design decision 6)");

    @ArchTest
    static final ArchRule plans_are_data = noClasses()
            .that()
            .resideInAPackage("dev.etcddrill.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "com.fasterxml..", "picocli..");
}
