// Package hypertext writes copies as web pages: one file of HTML that holds all
// it needs, with the banner at its head and foot and on every sheet when it is
// printed, and the marks before the texts. It runs no script and loads nothing,
// which a policy in the page itself makes sure of. The same page gives the same
// bytes.
//
// The package takes a page and gives bytes. It may not read files, the clock or
// the network, and it may put nothing into a file that the page does not show:
// there are no comments, descriptions, languages or addresses in it. Every text
// is escaped so that it can only be text.
package hypertext
