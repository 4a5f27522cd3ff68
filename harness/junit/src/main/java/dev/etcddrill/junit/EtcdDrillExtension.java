package dev.etcddrill.junit;

import dev.etcddrill.drill.DrillDefinition;
import dev.etcddrill.drill.DrillExecution;
import dev.etcddrill.drill.DrillSession;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** The Jupiter side of {@link EtcdDrill}. */
final class EtcdDrillExtension implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(EtcdDrillExtension.class);

    private static DrillDefinition definition(ExtensionContext context) {
        return Definitions.of(AnnotationSupport.findAnnotation(context.getRequiredTestClass(), EtcdDrill.class)
                .orElseThrow(() -> new IllegalStateException("the test class has no @EtcdDrill"))
                .value());
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestClass().isEmpty()) {
            return ConditionEvaluationResult.enabled("not a class");
        }
        DrillSession session = SharedSession.get();
        DrillDefinition drill = definition(context);
        if (!session.chosen(drill)) {
            return ConditionEvaluationResult.disabled("not chosen in drill.drills");
        }
        return session.notRun(drill)
                .map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("chosen"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DrillExecution.class;
    }

    @Override
    public DrillExecution resolveParameter(ParameterContext parameter, ExtensionContext context) {
        DrillSession session = SharedSession.get();
        DrillDefinition drill = definition(context);
        DrillExecution execution = session.begin(drill, session.recipesOf(drill).get(0));
        context.getStore(NAMESPACE).put(DrillExecution.class, execution);
        return execution;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Optional.ofNullable(context.getStore(NAMESPACE).get(DrillExecution.class, DrillExecution.class))
                .ifPresent(execution -> DrillFailure.throwUnlessPassed(execution.finish()));
    }
}
