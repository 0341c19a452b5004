//! `kaiin timeline export`: another engine counts what the program counts, and nothing else lies in the folder.

mod counting;
mod folder;
mod worlds;
