package apiclient_test

import (
	"encoding/json"
	"testing"

	"infomat/apiclient"
)

// BenchmarkDecodeTicket compares the reading of an answer with encoding/json decoding it into the same struct.
func BenchmarkDecodeTicket(b *testing.B) {
	answer := sample(b)
	b.Run("of=client", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := apiclient.DecodeTicket(answer); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("of=encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var into apiclient.TicketVisitWithLPU
			if err := json.Unmarshal(answer, &into); err != nil {
				b.Fatal(err)
			}
		}
	})
}
