/**
 * Drills as JUnit 5 tests and jqwik properties: thin adapters over {@link dev.etcddrill.drill.DrillSession}. A class is
 * marked with {@link dev.etcddrill.junit.EtcdDrill} (Jupiter) or {@link dev.etcddrill.junit.EtcdDrillProperty} (jqwik);
 * {@link dev.etcddrill.junit.DrillSessionListener} closes the run and has its report written when the JVM's tests are
 * done.
 */
package dev.etcddrill.junit;
