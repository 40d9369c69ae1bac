//go:build !linux

package testkit

import "syscall"

// dieWithParent: other systems can not tie a process to its parent. A supervisor that is
// killed leaves its server behind there.
func dieWithParent(a *syscall.SysProcAttr) *syscall.SysProcAttr { return a }
