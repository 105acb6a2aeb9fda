package device

import (
	"errors"

	"infomat/device/escpos"
)

// The errors of a printer that does not answer as its profile says. Result.Err and the error of Printer.Status wrap
// them, those of package line where the line is gone, escpos.BadStatusError where answers make no sense, or
// NotReadyError.
var (
	// ErrSilent: no answer came to a question for the state. Nothing was sent, or nothing confirms what was.
	ErrSilent = errors.New(
		"the printer does not answer: is it switched on, is the cable in, are profile and speed right?",
	)
	// ErrStalled: the line did not take the bytes in time. The job has failed if its end was not among them.
	ErrStalled = errors.New("the printer accepts no more data")
	// ErrUnconfirmed: by its profile the printer confirms nothing. Each job is Unknown.
	ErrUnconfirmed = errors.New("this kind of printer does not confirm jobs")
	// ErrUnanswered: each job is Unknown; see LackAnswer.
	ErrUnanswered = errors.New(
		"the printer reports its status, but does not answer the question that confirms a job in its profile",
	)
	// ErrUnmarked: each job is Unknown; see LackMarker.
	ErrUnmarked = errors.New(
		"the printer keeps no macro to the end of a job, so it cannot be told whether it has restarted within one",
	)
	// ErrRestarted: this job is Unknown, and the next one begins anew. So do the two errors below.
	ErrRestarted = errors.New(
		"the printer has restarted since the job began: a part of the ticket may be missing",
	)
	ErrLost = errors.New(
		"the printer has not answered every question within the job: bytes were lost on the line, or it has stopped",
	)
	ErrDisturbed = errors.New(
		"the line was disturbed within the job: a plug without contact, a wrong byte, or a printer that called itself " +
			"busy and was not waited for (flow control)",
	)
	// ErrOneWay: each job is Unknown, and nothing is asked; see DeviceOneWay.
	ErrOneWay = errors.New(
		"nothing was ever heard on this line: it has no way back, or the printer is off or does not answer",
	)
)

// NotReadyError is returned if the printer reports a reason why it cannot print.
type NotReadyError struct{ Status escpos.Status }

func (e NotReadyError) Error() string { return "the printer is not ready: " + e.Status.Trouble() }
