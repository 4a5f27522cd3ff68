package dev.etcddrill;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package of the rig may use which: drill uses fault, workload and cluster; cluster uses client; no way back. */
@AnalyzeClasses(packages = "dev.etcddrill", importOptions = ImportOption.DoNotIncludeTests.class)
class RigPackageDirectionsTest {
    @ArchTest
    static final ArchRule PACKAGES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("crash")
            .definedBy("dev.etcddrill.crash..")
            .layer("drill")
            .definedBy("dev.etcddrill.drill..")
            .layer("fault")
            .definedBy("dev.etcddrill.fault..")
            .layer("workload")
            .definedBy("dev.etcddrill.workload..")
            .layer("sandbox")
            .definedBy("dev.etcddrill.cluster.sandbox..")
            .layer("docker")
            .definedBy("dev.etcddrill.cluster.docker..")
            .layer("cluster")
            .definedBy("dev.etcddrill.cluster")
            .layer("client")
            .definedBy("dev.etcddrill.client..")
            .layer("distribution")
            .definedBy("dev.etcddrill.distribution..")
            .whereLayer("crash")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("drill")
            .mayOnlyBeAccessedByLayers("crash")
            .whereLayer("fault")
            .mayOnlyBeAccessedByLayers("crash", "drill")
            .whereLayer("workload")
            .mayOnlyBeAccessedByLayers("drill", "fault")
            .whereLayer("sandbox")
            .mayOnlyBeAccessedByLayers("drill")
            .whereLayer("docker")
            .mayOnlyBeAccessedByLayers("crash", "drill")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("drill", "fault", "workload", "sandbox", "docker")
            .whereLayer("client")
            .mayOnlyBeAccessedByLayers("drill", "fault", "workload", "cluster", "sandbox", "docker");
}
