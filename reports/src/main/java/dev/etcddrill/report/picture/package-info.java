/**
 * Pictures as inline SVG: a run's attempt on one time axis, and the distribution of a figure. Every picture has a title
 * and a description; the numbers in it stand in a table that {@code section} puts beside it.
 *
 * <p>Start with {@link dev.etcddrill.report.picture.TimelinePicture}. Nothing is told by colour alone: outcomes differ
 * in shape, states in hatching and words.
 */
package dev.etcddrill.report.picture;
