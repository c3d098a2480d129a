/**
 * Decides what a meter must offer to say what work cost: a count that only grows. A watt figure
 * would have to be multiplied by a time that somebody chose.
 */

/** Energy that part of the machine has used. */
export interface EnergyCounter {
  /** What is counted, such as "processor package". */
  readonly name: string;
  /** How good the figure is: B metered, C a sensor of the device (ARCHITECTURE.md section 9). */
  readonly tier: "B" | "C";
  /**
   * Joules since the counter was opened. It must be asked at least once a minute: a hardware
   * counter begins anew when it is full, and two rounds look like none.
   * Throws Fault METERS_COUNTER when the counter can no longer be read.
   */
  joules(): number;
}
