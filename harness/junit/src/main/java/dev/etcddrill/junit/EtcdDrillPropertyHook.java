package dev.etcddrill.junit;

import dev.etcddrill.check.Verdict;
import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillSession;
import dev.etcddrill.run.DrillVerdict;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.ParameterResolutionContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.ResolveParameterHook;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import net.jqwik.api.lifecycle.Store;

/** The jqwik side of {@link EtcdDrillProperty}. */
final class EtcdDrillPropertyHook implements SkipExecutionHook, AroundPropertyHook, ResolveParameterHook {
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    private static Optional<DrillDefinition> definition(LifecycleContext context) {
        return context.optionalContainerClass()
                .flatMap(type -> Optional.ofNullable(type.getAnnotation(EtcdDrillProperty.class)))
                .map(annotation -> Definitions.of(annotation.value()));
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        Optional<DrillDefinition> drill = definition(context);
        if (drill.isEmpty()) {
            return SkipResult.doNotSkip();
        }
        DrillSession session = SharedSession.get();
        if (!session.chosen(drill.get())) {
            return SkipResult.skip("not chosen in drill.drills");
        }
        return session.notRun(drill.get()).map(SkipResult::skip).orElse(SkipResult.doNotSkip());
    }

    @Override
    public Optional<ParameterSupplier> resolve(ParameterResolutionContext parameter, LifecycleContext lifecycle) {
        if (parameter.parameter().getType() != DrillExecutions.class) {
            return Optional.empty();
        }
        return Optional.of(tryLifecycle -> executions(lifecycle).get());
    }

    private static Store<DrillExecutions> executions(LifecycleContext context) {
        return Store.getOrCreate(
                EtcdDrillPropertyHook.class,
                Lifespan.PROPERTY,
                () -> new DrillExecutions(
                        SharedSession.get(), definition(context).orElseThrow()));
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        PropertyExecutionResult result = property.execute();
        List<DrillVerdict> verdicts = executions(context).get().finish();
        return verdicts.stream()
                .filter(verdict -> !(verdict.verdict() instanceof Verdict.Pass))
                .findFirst()
                .map(verdict -> result.mapToFailed(DrillFailure.of(verdict)))
                .orElse(result);
    }
}
