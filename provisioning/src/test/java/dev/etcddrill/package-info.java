/** Tests of the module as a whole. */
package dev.etcddrill;
