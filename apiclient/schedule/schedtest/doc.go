// Package schedtest has what the tests of apiclient/schedule and of its sources share: a clock in a zone that is not
// UTC, clients of servers on the loopback, a large clinic, and checks that hold for every source.
//
// The rule of this folder: it is for tests only, and imports apiclient and apiclient/schedule. Importing it sets
// time.Local to Here.
package schedtest
