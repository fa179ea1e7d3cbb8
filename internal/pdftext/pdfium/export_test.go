package pdfium

// Finds lists what a file holds beside its pages, of a file as PDFium writes it.
var Finds = finds
