package mail_test

import (
	"fmt"

	"tearline/codec/mail"
)

func ExampleRead() {
	messages, err := mail.Read([]byte("From: ada@gazette.example\nSubject: (U) The pier\n\n(S) It is shut.\n> (U) Is it?\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range messages[0].Reading.Blocks {
		fmt.Printf("%s: %s\n", b.Where, b.Text)
	}
	// Output:
	// subject: (U) The pier
	// line 1: (S) It is shut.
	// quoted text, line 2: (U) Is it?
}
