package dots_test

import (
	"fmt"

	"infomat/device/dots"
)

func ExampleText() {
	b := dots.Text("Ә", dots.FontB)
	for y := range b.Height {
		row := ""
		for x := range b.Width {
			row += map[bool]string{true: "#", false: "."}[b.At(x, y)]
		}
		fmt.Println(row)
	}
	fmt.Println(dots.Has('Ә'), dots.Has('北'))
	// Output:
	// .........
	// .........
	// ...##....
	// ..#####..
	// ......#..
	// ......##.
	// ......##.
	// .#######.
	// .#######.
	// .#....##.
	// .##...##.
	// .##..##..
	// ..####...
	// .........
	// .........
	// .........
	// .........
	// true false
}
