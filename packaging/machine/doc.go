// Package machine tests the package on a whole computer: a clean Debian 12 with the package in it boots in QEMU, with a
// touch device, a keyboard, two serial lines on USB, a stick and a network. The tests press keys, tap, pull cables and
// cut the power, and judge by what stands outside: pictures of the monitor, the printer's paper, the registry's books.
//
// The rule of this folder: it holds only tests, and the disk they boot (disk.sh). Nothing of it reaches the package.
// What no picture tells is asked of a shell that exists only on the test's disk (guest); it looks, and what it changes
// is the world around the terminal, such as the clock and the free space. The tests run where INFOMAT_MACHINE is set to
// short or whole: see the targets test-machine-short and test-machine of the Makefile.
package machine
