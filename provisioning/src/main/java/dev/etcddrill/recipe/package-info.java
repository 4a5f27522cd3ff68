/**
 * The cluster recipe: what a person states about a cluster, typed, immutable and checked, and how it is read from YAML
 * with every mistake at its line and column. Entry point: {@link dev.etcddrill.recipe.ClusterRecipe#read}.
 *
 * <p>Nothing here knows of certificates, files to deploy or running processes.
 */
package dev.etcddrill.recipe;
