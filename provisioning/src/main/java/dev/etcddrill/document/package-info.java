/**
 * YAML documents that people write: one document from a file, hostile or not
 * ({@link dev.etcddrill.document.DocumentReader}), its mappings with their known keys
 * ({@link dev.etcddrill.document.MappingReader}), and every mistake with its place. What a recipe or a plan means is not
 * known here.
 */
package dev.etcddrill.document;
