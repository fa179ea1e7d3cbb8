package set_test

import (
	"fmt"

	"tearline/internal/set"
)

func ExampleAdd() {
	fmt.Println(set.Add([]string{"NLD"}, "GBR", "NLD", "FRA", "GBR"))
	fmt.Println(set.Add[int](nil) == nil)
	// Output:
	// [NLD GBR FRA]
	// true
}
