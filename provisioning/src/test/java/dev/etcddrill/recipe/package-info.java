/** Tests of reading and checking recipes. */
package dev.etcddrill.recipe;
