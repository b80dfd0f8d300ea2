/** What a run may hold in memory: {@link dev.holdfast.agent.memory.MemoryBudget} turns it into a number of threads. */
@NullMarked
package dev.holdfast.agent.memory;

import org.jspecify.annotations.NullMarked;
