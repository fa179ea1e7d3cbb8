package classes
