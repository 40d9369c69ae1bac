package ddl

func (w *writer) mysql() {}
