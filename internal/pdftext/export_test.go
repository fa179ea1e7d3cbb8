package pdftext

// Read runs the process within a time of the test's.
var Read = read
