package ticket_test

import (
	"fmt"
	"time"

	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// Facts become lines of a width, and these become the bytes for a printer. The words are the caller's.
func ExampleLayout() {
	texts := map[string]string{
		"paper.num": "No ", "paper.room": "Room ", "paper.hold": "Held until ", "paper.next": "Go to the desk.",
	}
	words := func(id string, data map[string]any) string {
		text := texts[id]
		for _, name := range []string{"Num", "Room", "Time"} {
			if v, ok := data[name]; ok && text != "" {
				text += fmt.Sprint(v)
			}
		}
		return text
	}
	profile, err := escpos.ByName("raster58")
	if err != nil {
		fmt.Println(err)
		return
	}
	d := ticket.Layout(ticket.Ticket{
		Num: "№ 008", Room: "каб. 202", Doctor: "Иванов<br/>Пётр", HoldUntil: time.Date(2026, 11, 24, 10, 25, 0, 0, time.UTC),
	}, profile.Columns, words)
	for _, l := range d.Lines {
		fmt.Println(l.Text)
	}
	fmt.Println(len(virtual.Interpret(d.Encode(profile), profile)), "piece of paper")
	// Output:
	// No 008
	// Room 202
	//
	// Иванов Пётр
	//
	// Held until 10:25
	// Go to the desk.
	// 1 piece of paper
}

func ExampleClean() {
	fmt.Println(ticket.Clean("ООО &quot;Ёлка&quot;<br/>и&#774;од, Ивано\u0301в"))
	// Output: ООО "Ёлка" йод, Иванов
}

func ExampleRoom() {
	for _, text := range []string{"каб. 202", "Кабинет № 202 (2 этаж)", "Процедурный кабинет", "Кабинет не указан"} {
		room, floor := ticket.Room(text, 0)
		fmt.Printf("%q on floor %d\n", room, floor)
	}
	// Output:
	// "202" on floor 0
	// "202" on floor 2
	// "процедурный" on floor 0
	// "" on floor 0
}
