package ddl

func (w *writer) sqlite() {}
