// A copy of the baseline, to show how far two equal programs lie apart on this machine.
import "./raw.mjs";
