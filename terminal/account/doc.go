// Package account gives a process that root has started the rights of the terminal's own user.
//
// The settings, and what the service keeps, name files: the PIN's, the log's, the journal's. Root would follow each of
// these names wherever the service leads it. So every command becomes the terminal's user before it opens a file that
// is named there.
//
// The rights change within the process, and not by a second one: a process whose rights have changed cannot be traced,
// nor its open files be taken, by other processes of the same user, and it keeps its console and its exit code.
//
// The rule of this folder: it changes who the process is, and opens nothing. It imports nothing of the project.
package account
