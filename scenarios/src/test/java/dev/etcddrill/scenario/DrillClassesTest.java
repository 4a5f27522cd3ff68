package dev.etcddrill.scenario;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.etcddrill.check.Check;
import dev.etcddrill.drill.DrillCatalogue;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.junit.EtcdDrill;
import dev.etcddrill.junit.EtcdDrillProperty;
import java.util.List;
import java.util.ServiceLoader;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DrillClassesTest {
    private static final JavaClasses SCENARIOS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.etcddrill.scenario");

    @Test
    void aPropertyNeverCarriesJupitersAnnotationsBecauseJqwikWouldSkipItSilently() {
        methods()
                .that()
                .areMetaAnnotatedWith(Property.class)
                .should()
                .notBeAnnotatedWith(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "an annotation of Jupiter",
                        annotation -> annotation.getRawType().getPackageName().startsWith("org.junit")))
                .check(SCENARIOS);
    }

    @Test
    void everyDrillClassIsOneOfTheTwoKindsThatTheBuildSelects() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Drill")
                .should()
                .beAnnotatedWith(EtcdDrill.class)
                .orShould()
                .beAnnotatedWith(EtcdDrillProperty.class)
                .check(SCENARIOS);
    }

    @Test
    void everyCheckThatADrillNamesIsInstalled() {
        List<String> installed = ServiceLoader.load(Check.class).stream()
                .map(provider -> provider.get().id())
                .toList();

        assertThat(DrillCatalogue.installed())
                .isNotEmpty()
                .allSatisfy(drill -> assertThat(installed).containsAll(drill.checks()));
    }

    @Test
    void drillIdsAreUnique() {
        assertThat(DrillCatalogue.installed().stream().map(DrillDefinition::id)).doesNotHaveDuplicates();
    }

    @Test
    void theClassesOfKillsAreEveryNumberShortOfAllWithAndWithoutTheLeader() {
        assertThat(QuorumToleranceDrill.KillClass.of(3)).hasSize(4);
        assertThat(QuorumToleranceDrill.KillClass.of(5)).hasSize(8);
    }
}
