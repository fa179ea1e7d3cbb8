// Package model is the small model of releasability that every engine of this
// benchmark is given: levels, compartments, release lists, originator control
// and consent, over a world generated from a fixed seed. It holds the plain
// decision function that all others are checked against, and a bitset one that
// says what the machine allows.
//
// Lineage with several originators, exclusions, time, purpose and persons
// beside organisations are left out, so a figure here is not one of Tearline's
// whole decision. The package may not measure, and may not know any engine.
package model
