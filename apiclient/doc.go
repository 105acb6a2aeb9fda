// Package apiclient is the client of the registry: it reserves cells, reads documents, and classifies
// answers and refusals.
//
//	client, err := apiclient.New(apiclient.Config{
//		BaseURL: "https://registry.example/api", LPU: lpu, Timeout: 15 * time.Second,
//	})
//	…
//	ticket, err := client.Reserve(ctx, apiclient.ReserveRequest{
//		Operation: uuid.New(), TimeTable: cell, AgeCategory: apiclient.Adult, ReserveMinutes: 10,
//	})
//
// Times of a hold are in minutes, sizes in bytes, all other times are a time.Duration. A Client is safe for
// concurrent use. The zero Config and the zero ReserveRequest are refused with an error.
//
// # Errors
//
// The type of an error says what happened, and errors.As asks for it. OutcomeOf returns the outcome of a
// reservation. No text of an error quotes what a server sent, so each may be logged; the errors that they
// wrap may quote it. errors.Is asks for the Meaning of a refusal, such as errors.Is(err, apiclient.CellTaken).
//
//	error                  returned by            meaning
//	*RefusalError          all                    a 4xx answer: nothing was reserved (see Meaning)
//	*BusyError             all                    later: nothing was reserved
//	*NotSentError          Reserve, Probe         no byte was sent: nothing was reserved, and the request may be repeated
//	*UnknownError          Reserve, Probe         it is not known whether the cell is reserved: do not repeat it blindly
//	*ForeignAnswerError    Probe, Admitted        a 4xx answer that is not the registry's
//	ErrNotModified         Read                   the caller has the current version
//	*StatusError           Read, Get              an answer that is neither a document nor a refusal
//	ErrOtherOrigin         Read, Get              a full address on another server: nothing was sent
//	ErrPlain               New                    an http:// address beyond the loopback
//
// The cause of a *NotSentError, an *UnknownError, and of an error of Read and Get, can be asked for too:
//
//	ErrCredentials         the token cannot be read
//	*RequestError          a field of the ReserveRequest has no valid value
//	*ProxyError            the proxy did not connect
//	*TooLongError          the body is longer than Config.MaxBody
//	x509 and net errors    as the standard library has them
//
// # The rule of this folder
//
// Each protocol fact stands here once, with its source. "The reservation page" is the registry's page
// "Бронирование ячейки". What no page documents is marked GUESS. The package knows nothing of visits, printers
// and screens, and imports nothing of the project.
package apiclient
