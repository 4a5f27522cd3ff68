package dev.etcddrill.deployment;

import dev.etcddrill.pki.PublicKeyInfrastructure;
import dev.etcddrill.recipe.ClusterRecipe;
import dev.etcddrill.recipe.ExampleRecipes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Deployments of the example recipes, rendered once. */
final class SampleDeployments {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
    static final ClusterRecipe GUIDE_RECIPE = ExampleRecipes.guide();
    static final PublicKeyInfrastructure GUIDE_PKI =
            PublicKeyInfrastructure.issue(GUIDE_RECIPE, CLOCK, new SecureRandom());
    static final Deployment GUIDE = Deployment.render(GUIDE_RECIPE, GUIDE_PKI);

    private SampleDeployments() {}

    /** A variant of the guide's recipe with the guide's certificates: enough for files that hold none. */
    static Deployment guideWith(String original, String replacement) {
        return Deployment.render(ExampleRecipes.guideWith(original, replacement), GUIDE_PKI);
    }
}
