package registry

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule/schedtest"
)

// BenchmarkSlots compares decoding a doctor's slots with a site's names with encoding/json and fixed names.
func BenchmarkSlots(b *testing.B) {
	var list []map[string]any
	for n := range schedtest.LargeDays * schedtest.LargeCells {
		begin := schedtest.LargeNow.Add(time.Duration(n) * 15 * time.Minute)
		list = append(list, map[string]any{
			"status": "Available", "message": nil, "flagAccess": "Registry,Internet", "opened": false, "bookingSource": nil,
			"count": 1, "timeTableGuid": uuid.New(),
			"beginTime": begin, "endTime": begin.Add(15 * time.Minute), "room": "202", "flat": 2,
			"busyType": map[string]any{"name": "", "type": 1, "code": "1"},
		})
	}
	data, err := json.Marshal(list)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("of=wire", func(b *testing.B) {
		w := newWire[slot](Names{Cell: "timeTableGuid"})
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			err := w.list(data, func(*slot, bool) error { n++; return nil })
			if err != nil || n != len(list) {
				b.Fatal(err)
			}
		}
	})
	b.Run("of=encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var slots []slot
			if err := json.Unmarshal(data, &slots); err != nil || len(slots) != len(list) {
				b.Fatal(err)
			}
		}
	})
}
