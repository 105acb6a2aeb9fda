package fhir

import (
	"testing"

	"infomat/apiclient"
	"infomat/apiclient/schedule/schedtest"
)

// For any answer of a FHIR server every offered cell has a GUID and a beginning.
func FuzzBundle(f *testing.F) {
	f.Add([]byte(`{"resourceType":"Bundle","link":[{"relation":"next","url":"x"}],"entry":[
		{"resource":{"resourceType":"Slot","id":"1","identifier":[{"system":"urn:ietf:rfc:3986",
		"value":"urn:uuid:12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5"}],
		"schedule":{"reference":"Schedule/s"},"status":"free","start":"2026-11-26T08:45:00+03:00",
		"end":"2026-11-26T09:00:00+03:00","serviceType":[{"coding":[{"code":"a"}]}]}},
		{"resource":{"resourceType":"Schedule","id":"s","actor":[{"reference":"PractitionerRole/r"},
		{"reference":"Location/l"}],"specialty":[{"coding":[{"code":"27"}]}]}},
		{"resource":{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/p"},
		"code":[{"text":"врач"}],"location":[{"reference":"Location/l"}]}},
		{"resource":{"resourceType":"Practitioner","id":"p","name":[{"family":"А","given":["Б"]}]}},
		{"resource":{"resourceType":"Location","id":"l","name":"202"}}]}`), true)
	f.Add([]byte(`{"resourceType":"Bundle","entry":[{"resource":null},{"resource":{"resourceType":5}},{}]}`), false)
	f.Fuzz(func(t *testing.T, data []byte, ages bool) {
		o := Options{CellSystem: DefaultCellSystem, IDIsCell: ages}
		if ages {
			o.AgeBy, o.Ages = ByServiceType, map[string][]apiclient.AgeCategory{"a": {apiclient.Adult}}
		}
		b := newBundle(o, schedtest.LargeWindow, "https://server.example/fhir", schedtest.LargeNow)
		if _, err := decodePage(data, 1, b.add); err != nil {
			return
		}
		b.missing()
		c, schedules, err := b.catalogue()
		if err != nil {
			return
		}
		schedtest.CheckInvariants(t, c, schedtest.LargeNow)
		if doctors, _ := c.Count(schedtest.LargeNow); doctors != len(schedules) {
			t.Fatalf("%d doctors, %d to search by", doctors, len(schedules))
		}
	})
}
