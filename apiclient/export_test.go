package apiclient

// For the tests outside the package.
var (
	UTF8Body     = utf8Body
	BlankGarbled = blankGarbled
)
