# Run by `cmake --install`, with RT (the executable) and SHARE (a folder of the build): the files that come from the
# definition of the command line.
file(MAKE_DIRECTORY ${SHARE})
execute_process(COMMAND ${RT} help --man OUTPUT_FILE ${SHARE}/rt.1 COMMAND_ERROR_IS_FATAL ANY)
foreach(shell bash zsh fish)
  execute_process(COMMAND ${RT} completions ${shell} OUTPUT_FILE ${SHARE}/${shell} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
