package io.serveflow.architecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Instant;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The arrows that must not exist between the rooms of the data's way. */
@AnalyzeClasses(packages = "io.serveflow", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_JOB_OR_WHAT_STARTS_IT =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..job..", "..local..", "..demo..", "..bench..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..job..", "..local..", "..demo..", "..bench..");

    @ArchTest
    static final ArchRule THE_JOB_DOES_NOT_KNOW_WHAT_STARTS_IT =
            noClasses()
                    .that()
                    .resideInAPackage("..job..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..local..", "..demo..", "..bench..");

    /** The jar that a cluster gets leaves the producer out. */
    @ArchTest
    static final ArchRule WHAT_RUNS_ON_A_CLUSTER_KNOWS_NO_PRODUCER =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..job..",
                            "..classify..",
                            "..decode..",
                            "..flow..",
                            "..feature..",
                            "..model..",
                            "..state..",
                            "..types..",
                            "..metrics..",
                            "..pin..",
                            "..output..",
                            "..schema..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.serveflow.capture..",
                            "io.serveflow.packet..",
                            "io.serveflow.replay..",
                            "io.serveflow.publish..",
                            "io.serveflow.producer..");

    @ArchTest
    static final ArchRule ONLY_MODEL_KNOWS_ONNX =
            noClasses()
                    .that()
                    // The peer of the benchmark is the naive shape itself, session and all.
                    .resideOutsideOfPackages("..model..", "..bench.peer..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule MEANING_KNOWS_NO_FLINK =
            noClasses()
                    .that()
                    .resideInAnyPackage("..flow..", "..feature..", "..model..", "..schema..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule STAGES_AND_DECODER_KNOW_NO_KAFKA =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..classify..",
                            "..decode..",
                            "..flow..",
                            "..feature..",
                            "..model..",
                            "..state..",
                            "..types..",
                            "..metrics..",
                            "..schema..",
                            "..capture..",
                            "..packet..",
                            "..replay..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule ONLY_THE_BROKER_KNOWS_KAFKAS_SERVER =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..broker..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..");

    @ArchTest
    static final ArchRule SCHEMAS_KNOW_NOTHING_OF_OURS =
            classes()
                    .that()
                    .resideInAPackage("io.serveflow.schema..")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage("io.serveflow.schema..", "io.serveflow.avro..")
                                    .or(resideInAPackage("io.serveflow..").negate()));

    @ArchTest
    static final ArchRule THE_DATA_PATH_READS_NO_WALL_CLOCK =
            noClasses()
                    .that()
                    .resideInAnyPackage("..flow..", "..feature..", "..model..", "..decode..")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(Instant.class, "now");

    /** Serializers know every type, whatever its room; the entry point knows every command. */
    @ArchTest
    static final ArchRule ROOMS_DO_NOT_LEAN_ON_EACH_OTHER =
            slices().matching("io.serveflow.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .ignoreDependency(resideInAPackage("..types.."), resideInAPackage("..decode.."))
                    .ignoreDependency(
                            simpleName("Serveflow"), resideInAnyPackage("..demo..", "..bench.."));
}
