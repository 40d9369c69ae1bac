package testkit

import "syscall"

// dieWithParent makes a server end when its supervisor does, even when that is killed.
func dieWithParent(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	a.Pdeathsig = syscall.SIGKILL
	return a
}
