package terminal

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// The visits that changed last come first, each with its whole story, also where others' records stand in between.
func TestVisits(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j, err := journal.Open(name, journal.Options{})
	if err := errors.Join(err, j.Err()); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	op := func(n byte) uuid.UUID { return uuid.UUID{0x1a, 0x2b, 0x3c, n} }
	now := time.Now()
	for _, r := range []kiosk.Record{
		{Operation: op(1), Stage: kiosk.StageIntent},
		{Operation: op(1), Stage: kiosk.StageConfirmed, Num: "1", HoldUntil: now.Add(time.Hour)},
		{Operation: op(2), Stage: kiosk.StageIntent},
		{Operation: op(3), Stage: kiosk.StageIntent},
		{Operation: op(2), Stage: kiosk.StageConfirmed, Num: "2", HoldUntil: now.Add(-time.Hour)},
		{Operation: op(3), Stage: kiosk.StageRefused, HTTPStatus: 409, Code: "4009"},
		{Operation: op(1), Stage: kiosk.StagePrinting, Copy: true},
		{Operation: op(1), Stage: kiosk.StageDone},
		{Operation: uuid.UUID{0xff}, Stage: kiosk.StageIntent},
	} {
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Note(t.Context(), journal.KindDevice, journal.Note{Subject: "printer"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code string
		most int
		want []byte
	}{
		{"1A2B3C", 10, []byte{1, 3, 2}},
		{"1A2B3C", 2, []byte{1, 3}},
		{"1A2B3C", 1, []byte{1}},
		{"1A2B3C02", 10, []byte{2}},
		{"1A2B3C04", 10, nil},
		{"", 2, []byte{0, 1}},
	} {
		all, err := visits(name, c.code, c.most)
		if err != nil || len(all) != len(c.want) {
			t.Fatalf("%q, %d: %+v, %v", c.code, c.most, all, err)
		}
		for i, v := range all {
			if c.want[i] != 0 && v.Operation != op(c.want[i]).String() {
				t.Errorf("%q, %d: visit %d is %s", c.code, c.most, i, v.Operation)
			}
			if v.Story[0].Stage != string(kiosk.StageIntent) || v.Stage != v.Story[len(v.Story)-1].Stage {
				t.Errorf("the story of %s: %+v", v.Code, v)
			}
			if v.CanPrint != (c.want[i] == 1) {
				t.Errorf("%s can be printed: %t", v.Code, v.CanPrint)
			}
		}
	}
	all, err := visits(name, "1A2B3C01", 1)
	if err != nil || len(all[0].Story) != 4 || all[0].Story[2].More != "copy" || all[0].Code != "1A2B-3C01" {
		t.Errorf("%+v, %v", all, err)
	}
	if r, err := confirmed(name, op(1).String()); err != nil || r.Num != "1" {
		t.Errorf("%+v, %v", r, err)
	}
	for _, n := range []byte{2, 3, 4} {
		if r, err := confirmed(name, op(n).String()); err == nil {
			t.Errorf("%+v has a ticket that is held", r)
		}
	}
}
