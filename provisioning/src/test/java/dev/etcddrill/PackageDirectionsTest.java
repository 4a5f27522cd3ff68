package dev.etcddrill;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class PackageDirectionsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(
                    "dev.etcddrill.document", "dev.etcddrill.recipe", "dev.etcddrill.pki", "dev.etcddrill.deployment");

    @Test
    void packagesPointFromDeploymentOverPkiToRecipeOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("document")
                .definedBy("dev.etcddrill.document..")
                .layer("recipe")
                .definedBy("dev.etcddrill.recipe..")
                .layer("pki")
                .definedBy("dev.etcddrill.pki..")
                .layer("deployment")
                .definedBy("dev.etcddrill.deployment..")
                .whereLayer("deployment")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("pki")
                .mayOnlyBeAccessedByLayers("deployment")
                .whereLayer("document")
                .mayOnlyBeAccessedByLayers("recipe", "pki", "deployment")
                .whereLayer("recipe")
                .mayOnlyBeAccessedByLayers("pki", "deployment")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.etcddrill.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
