package apiclient_test

import (
	"encoding/json"
	"testing"
	"time"

	"infomat/apiclient"
)

// The tests run in the zone +05:00 (TestMain): a time without an offset is that of a clock there.
func TestTimes(t *testing.T) {
	for text, want := range map[string]string{
		`"2019-04-18T08:45:00+03:00"`:       "2019-04-18T08:45:00+03:00",
		`"2019-04-18T08:45:00.123Z"`:        "2019-04-18T08:45:00.123Z",
		`"2019-04-18T08:45:00,5+03:00"`:     "2019-04-18T08:45:00.5+03:00",
		`"2019-04-18t08:45:00z"`:            "2019-04-18T08:45:00Z",
		`"2019-04-18T08:45:00+0300"`:        "2019-04-18T08:45:00+03:00",
		`"2019-04-18T08:45:00-0930"`:        "2019-04-18T08:45:00-09:30",
		`"2019-04-18T08:45:00+03"`:          "2019-04-18T08:45:00+03:00",
		`"2019-04-18T08:45:00 +03:00"`:      "2019-04-18T08:45:00+03:00",
		`"2019-04-18 08:45:00 +0300"`:       "2019-04-18T08:45:00+03:00",
		`" 2019-04-18T08:45:00+03:00 "`:     "2019-04-18T08:45:00+03:00",
		`"2019-04-18T08:45+03:00"`:          "2019-04-18T08:45:00+03:00",
		`"2019-04-18T08:45Z"`:               "2019-04-18T08:45:00Z",
		`"2019-04-18T24:00:00+03:00"`:       "2019-04-19T00:00:00+03:00",
		`"2019-12-31T24:00"`:                "2020-01-01T00:00:00+05:00 no offset",
		`"2020-02-29T08:45:00+03:00"`:       "2020-02-29T08:45:00+03:00",
		`"2019-04-18T08:45:00"`:             "2019-04-18T08:45:00+05:00 no offset",
		`"2019-04-18T08:45:00.123"`:         "2019-04-18T08:45:00.123+05:00 no offset",
		`"2019-04-18 08:45:00"`:             "2019-04-18T08:45:00+05:00 no offset",
		`"2019-04-18T08:45"`:                "2019-04-18T08:45:00+05:00 no offset",
		`"2019-04-18 08:45"`:                "2019-04-18T08:45:00+05:00 no offset",
		`"2019-04-18"`:                      "2019-04-18T00:00:00+05:00 no offset",
		`"/Date(1555566300000+0300)/"`:      "2019-04-18T08:45:00+03:00",
		`"\/Date(1555566300000+0300)\/"`:    "2019-04-18T08:45:00+03:00",
		`"/Date(1555566300000)/"`:           "2019-04-18T05:45:00Z",
		`"/Date(-1000)/"`:                   "1969-12-31T23:59:59Z",
		`null`:                              "",
		`""`:                                "",
		`"0001-01-01T00:00:00"`:             "",
		`"/Date(-62135596800000)/"`:         "", // .NET's DateTime.MinValue
		`"2019-04-18T08:45:00.0000+07:0"`:   "error",
		`"2019-02-29T08:45:00+03:00"`:       "error",
		`"2019-04-31T08:45+03:00"`:          "error",
		`"2019-13-01"`:                      "error",
		`"2019-04-18T25:00:00+03:00"`:       "error",
		`"2019-04-18T24:00:01+03:00"`:       "error",
		`"2019-04-18T24:01+03:00"`:          "error",
		`"9999-12-31T24:00:00Z"`:            "error",
		`"2019-04-18T08:60+03:00"`:          "error",
		`"2019-04-18T08:45:00+99:00"`:       "error",
		`"/Date(999999999999999)/"`:         "error", // the year 33658
		`"/Date(99999999999999999999999)/"`: "error",
		`"/Date(1555566300000+9900)/"`:      "error",
		`"/Date(x)/"`:                       "error",
		`"08:45"`:                           "error",
		`5`:                                 "error",
	} {
		var at apiclient.Time
		err := json.Unmarshal([]byte(text), &at)
		got := ""
		switch {
		case err != nil:
			got = "error"
		case !at.IsZero():
			got = at.Format(time.RFC3339Nano)
		}
		if at.NoOffset {
			got += " no offset"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// ParseTime never panics. What it reads has a year of four digits, and is read again as the same instant.
func FuzzParseTime(f *testing.F) {
	for _, s := range []string{
		"2019-04-18T08:45:00+03:00", "2019-04-18 08:45 +03", "2019-04-18", "/Date(1555566300000+0300)/",
		"/Date(-62135596800000)/", "9999-12-31T24:00Z", "0001-01-01T00:00:00+14:00", "2019-04-18T08:45:00,123456789z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := apiclient.ParseTime(text)
		if err != nil || at.IsZero() {
			return
		}
		if at.Year() < 1 || at.Year() > 9999 {
			t.Fatalf("%q is the year %d", text, at.Year())
		}
		again, err := apiclient.ParseTime(at.Format(time.RFC3339Nano))
		if err != nil || !again.Equal(at.Time) {
			t.Fatalf("%q is %v, then %v, %v", text, at, again, err)
		}
	})
}
