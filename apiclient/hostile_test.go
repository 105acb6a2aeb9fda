package apiclient_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

// An error that somebody makes without a cause, such as in a test of his own, can be printed.
func TestErrorsWithoutACauseCanBePrinted(t *testing.T) {
	for _, err := range []error{
		&apiclient.UnknownError{}, &apiclient.UnknownError{HTTPStatus: 502}, &apiclient.NotSentError{},
		&apiclient.ProxyError{}, &apiclient.ForeignAnswerError{}, &apiclient.RefusalError{}, &apiclient.BusyError{},
		&apiclient.RequestError{}, &apiclient.FieldError{}, &apiclient.TooLongError{}, &apiclient.StatusError{},
		&apiclient.ModeError{},
	} {
		if text := err.Error(); text == "" || strings.Contains(text, "nil") {
			t.Errorf("%T: %q", err, text)
		}
	}
	if n := (&apiclient.ForeignAnswerError{}).HTTPStatus(); n != 0 {
		t.Errorf("%d", n)
	}
}

// A clock's time without an offset is that of the clinic's zone, also in the hour that does not exist in the
// computer's zone.
func TestAClocksTimeThatTheComputersZoneLacks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	ural, err := time.LoadLocation("Asia/Yekaterinburg")
	if err != nil {
		t.Fatal(err)
	}
	local := time.Local
	time.Local = berlin
	t.Cleanup(func() { time.Local = local })
	for _, text := range []string{"2026-03-29T02:30:00", "2026-03-29 02:30", "2026-03-29T02:30:00.5"} {
		at, err := apiclient.ParseTime(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.Told(ural).Format("15:04"); got != "02:30" {
			t.Errorf("%s is told as %s", text, got)
		}
	}
}

// What cannot be a header is refused at once, with the name of the setting.
func TestSettingsThatCannotBeHeaders(t *testing.T) {
	for name, change := range map[string]func(*apiclient.Config){
		"ClientApplication": func(c *apiclient.Config) { c.ClientApplication = "a\nX-Other: b" },
		"Accept":            func(c *apiclient.Config) { c.Accept = "a\r\n" },
		"UserAgent":         func(c *apiclient.Config) { c.UserAgent = "a\x00" },
	} {
		c := apiclient.Config{BaseURL: "https://registry.example", LPU: lpu, Timeout: time.Second}
		change(&c)
		if _, err := apiclient.New(c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The text of a Problem Details document (RFC 9457 §3.1.4) is the message.
func TestTheTextOfProblemDetails(t *testing.T) {
	for _, body := range []string{
		`{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"Bad Request","status":400,` +
			`"detail":"Ячейка занята","code":"4009"}`,
		`{"type":"about:blank","title":"Bad Request","status":400,"detail":"Ячейка занята","extensions":{"code":4009}}`,
	} {
		client := newClient(t, says(400, "Content-Type: application/problem+json", body), nil)
		_, err := client.Reserve(t.Context(), order())
		var refusal *apiclient.RefusalError
		if !errors.As(err, &refusal) || refusal.Meaning != apiclient.CellTaken || refusal.PatientText() != "Ячейка занята" {
			t.Errorf("%v, %q", err, refusal.PatientText())
		}
	}
}

// A broken proxy of the environment is named, and its password is not.
func TestAProxyOfTheEnvironmentThatIsNoAddress(t *testing.T) {
	client := clientOf(t, "https://registry.example", func(c *apiclient.Config) {
		c.Timeout = 100 * time.Millisecond
		c.Proxy = func(r *http.Request) (u *url.URL, err error) {
			return nil, errors.New(`invalid proxy address "http://user:geheim@[x"`)
		}
	})
	_, err := client.Reserve(t.Context(), order())
	if err == nil || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), "proxy") {
		t.Errorf("%v", err)
	}
}
