package registry_test

import (
	"net/http"
	"os"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// Short names of what the tests of all sources share.
var (
	here     = schedtest.Here
	monday   = schedtest.Monday
	at       = schedtest.At
	window   = schedtest.Window
	clientOf = schedtest.Client
)

func TestMain(m *testing.M) {
	if os.Getenv(hostileEnv) != "" {
		readHostile()
		return
	}
	goleak.VerifyTestMain(m)
}

func source(t *testing.T, h http.Handler) *registry.Source {
	t.Helper()
	return registry.New(client(t, h), registry.Options{}, window(at(monday)))
}

// client returns a client of a registry on a loopback port.
func client(t *testing.T, h http.Handler) *apiclient.Client {
	t.Helper()
	lpu := uuid.New()
	if sim, ok := h.(*registrysim.Registry); ok {
		lpu = sim.LPU()
	}
	return clientOf(t, h, lpu)
}
