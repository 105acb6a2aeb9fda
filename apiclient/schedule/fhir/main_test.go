package fhir_test

import (
	"testing"

	"go.uber.org/goleak"

	"infomat/apiclient/schedule/schedtest"
)

// Short names of what the tests of all sources share.
var (
	monday   = schedtest.Monday
	at       = schedtest.At
	window   = schedtest.Window
	clientOf = schedtest.Client
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
